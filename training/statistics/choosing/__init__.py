"""Choosing people of the record for a class (chọn học viên): who is considered, what the solver says, what it costs.

`people` reads who needs the training or was nominated, with points and bars, in a constant number of queries;
`proposal` makes the ranked list and the quotas beside it, for one class or several; `asking` is what an officer asks.
"""
