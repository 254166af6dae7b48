"""Settings: composed of the options each module declares, validated once, then frozen."""
