"""``python -m enquiry.cli``: the command, whatever the path of the environment looks like."""

from enquiry.cli import main

if __name__ == "__main__":
    main(prog_name="enquiry")
