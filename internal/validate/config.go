package validate

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/entragit/entragit/internal/config"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/yaml"
)

// checkConfig checks entragit.yaml: its form, and that what it decides is about something.
func (v *validation) checkConfig() error {
	data, err := v.tree.Read(config.FileName)
	if err != nil {
		return v.note(config.FileName, err)
	}
	c, err := config.Decode(config.FileName, data, v.words)
	if err != nil {
		return v.note(config.FileName, err)
	}
	v.breakGlass(c, data)
	ignore, err := history.NewIgnore(c, v.now)
	if err != nil {
		return v.note(config.FileName, err)
	}
	for _, rule := range ignore.Unexplained() {
		v.decided(data, fmt.Sprintf("/ignore/%d", rule.Index), RuleReason, fmt.Sprintf("the rule for %q gives no reason", rule.Rule), false)
	}
	for _, rule := range ignore.Expired() {
		v.decided(data, fmt.Sprintf("/ignore/%d/until", rule.Index), RuleReason,
			fmt.Sprintf("the rule for %q ended on %s and ignores nothing", rule.Rule, rule.Rule.Until), true)
	}
	idle, err := ignore.Idle(v)
	if err != nil {
		return err
	}
	for _, rule := range idle {
		message := fmt.Sprintf("no object here is selected by %q, so the rule ignores nothing", rule.Rule.Path)
		if len(rule.Near) > 0 {
			message += ", did you mean " + strconv.Quote(rule.Near[0])
		}
		v.decided(data, fmt.Sprintf("/ignore/%d/path", rule.Index), RuleIdle, message, true)
	}
	return nil
}

// decided notes what is wrong with a decision at a pointer of entragit.yaml.
func (v *validation) decided(data []byte, pointer, rule, message string, warning bool) {
	v.add(Problem{Rule: rule, File: config.FileName, Line: yaml.LineOf(data, pointer), Pointer: pointer, Message: message, Warning: warning})
}

// breakGlass checks that each emergency account exists: a guard that names nobody guards
// nobody.
func (v *validation) breakGlass(c config.Config, data []byte) {
	for i, id := range c.Guards.BreakGlass {
		mention := kind.Mention{Reference: &kind.Reference{Targets: []string{"users", "groups"}}, Referent: id}
		if v.dangling(mention) {
			v.decided(data, fmt.Sprintf("/guards/breakGlass/%d", i), RuleReference,
				fmt.Sprintf("no %s here has the id %q, so it guards nobody", strings.Join(titles(mention), " or "), id), false)
		}
	}
}
