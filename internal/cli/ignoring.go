package cli

import "github.com/entragit/entragit/internal/history"

// ignoring is what people decided not to hear of. A rule of an older file that does not say
// why counts nevertheless: no report and no backup fails for it, and each says that it is so.
func (c *common) ignoring(repo *repository) (history.Ignore, error) {
	ignore, err := repo.ignore(c.Now())
	unexplained := ignore.Unexplained()
	for _, rule := range unexplained {
		c.Say("entragit.yaml: the rule that ignores %s gives no reason", rule.Rule)
	}
	if len(unexplained) > 0 {
		c.Hint("say under reason why nobody wants to hear of it (entragit help config)")
	}
	return ignore, err
}
