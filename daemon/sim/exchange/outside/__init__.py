"""A recorded market as the outside of this exchange: accounts trade with it and use it up."""
