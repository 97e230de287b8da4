"""Takes the teams' sheets in: workers, reserves, classes, who came, reserved posts, figures."""
