"""Papers of a round: lists, summaries, the submission letter and the draft of the approval, of one computation."""
