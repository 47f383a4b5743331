"""The case: what a ticket is, how it moves, when it is due. Pure rules; they know no tool and no channel."""
