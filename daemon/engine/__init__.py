"""The pure machine that ties the trade together: events in, outcome out."""
