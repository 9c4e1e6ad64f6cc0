"""Four eyes: what is proposed for a dataset waits until another person than its author has accepted it.

A run that would make a version keeps what it read below `reviews`, and stops (`RunStatus.REVIEW`). Accepted, it is carried
out again, with the same file; it publishes if what it makes are the very bytes that were accepted, over the version with which
they were compared. The condition is asked in the transaction that moves the pointer (`condition`): no way of publishing goes
around it.
"""
