"""What saving a text would do, told from texts alone: the plan and its findings, before anything runs. Pure."""
