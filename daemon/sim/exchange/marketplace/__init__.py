"""The exchange with its life: markets as discovery describes them, others who trade, and time."""
