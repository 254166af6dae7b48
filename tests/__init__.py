"""The tests, as a package: an older library of the venue installs its own under this very name."""
