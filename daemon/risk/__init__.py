"""What may leave the house: pure rules over values."""
