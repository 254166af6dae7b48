"""The exchange's own pages below /admin: what it received and holds, and what a person does to it.

Kept out of the venue's name space and out of the log of requests. What they refuse has changed nothing.
"""
