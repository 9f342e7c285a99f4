package entra

import "testing"

func TestSeverities(t *testing.T) {
	all := Severities()
	for i, s := range all {
		if s.Rank() != i {
			t.Errorf("%s has the rank %d", s, s.Rank())
		}
		for j, other := range all {
			if s.AtLeast(other) != (i <= j) {
				t.Errorf("%s is as bad as %s: %t", s, other, i > j)
			}
		}
	}
	if none := Severity(""); none.AtLeast(Low) || none.AtLeast("") || !Low.AtLeast("") || none.Rank() != len(all) {
		t.Error("nothing is as bad as something")
	}
	risks := []Risk{{Severity: Low}, {Severity: High, Rule: "a"}, {Severity: Medium}}
	if Worst(risks) != High || Worst(risks[:1]) != Low || Worst(nil) != "" {
		t.Error("not the worst")
	}
}
