"""Mail as it came: listed, searched, shown without harm, and why it was answered or not."""
