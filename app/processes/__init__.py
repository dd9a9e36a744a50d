"""Work on strangers' files in processes that can be killed. Which work there is, others say: each kind is a Task."""
