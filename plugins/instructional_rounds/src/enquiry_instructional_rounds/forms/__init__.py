"""What people fill in, and the facts that are recorded. Names of facts are permanent.

``plan`` before the day, ``day`` in the classrooms, ``board`` describing, ``debrief`` the steps
after it, ``results`` what the host is given and answers.
"""
