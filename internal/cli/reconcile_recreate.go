package cli

import "github.com/spf13/cobra"

// recreation are the flags about objects that are gone for good.
type recreation struct {
	recreate bool
}

func (r *recreation) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&r.recreate, "recreate", false, "create objects that are gone for good again, with new ids, and rewrite what refers to them")
}
