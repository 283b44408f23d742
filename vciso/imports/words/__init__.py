"""The words strangers' files use, per list: headers, and the words inside cells."""
