package entra

import "testing"

func TestProperty(t *testing.T) {
	o := &Object{
		Key:    Key{Kind: "groups", ID: "1"},
		Spec:   map[string]any{"displayName": "a", "both": "spec", "id": "not this"},
		Status: map[string]any{"mail": "b", "both": "status", "synced": true},
	}
	for name, want := range map[string]any{"id": "1", "displayName": "a", "mail": "b", "both": "spec", "synced": true, "missing": nil} {
		if got := o.Property(name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	for name, want := range map[string]string{"id": "1", "mail": "b", "synced": "", "missing": ""} {
		if got := o.Text(name); got != want {
			t.Errorf("the text of %s is %q, want %q", name, got, want)
		}
	}
	if got := new(Object).Property("any"); got != nil {
		t.Errorf("an object without properties has %v", got)
	}
}
