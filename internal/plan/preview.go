package plan

// inPreview refuses to write an object of which the snapshot has only the part that Graph v1.0
// showed: the rest would be lost. One that was deleted is taken back whole.
func (d *objectPlan) inPreview() bool {
	if !d.read.After.InPreview() || d.unchanged() {
		return false
	}
	if !d.deleted {
		d.refuse("", "it used preview features when it was read, of which Graph v1.0 shows nothing: the snapshot has only a part of it",
			"set it in the Entra admin center, or compare with its audit log")
	}
	return true
}
