"""The law of service as pure functions over dated parameters (quy định áp dụng); no Django, no database."""
