"""Files that strangers made, opened with care: archives, folders, names, and bounds on all of them."""
