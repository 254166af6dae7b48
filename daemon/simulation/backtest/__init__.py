"""The whole daemon on a recorded market, in virtual time: what its strategies would have done."""
