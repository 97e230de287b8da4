"""What happens when somebody presses a button: who may, what must hold, what changes."""
