package trust

import (
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/gitstore"
)

// TestPositionOf: a commit says its position in one way only, so that no other program
// reads another one from it.
func TestPositionOf(t *testing.T) {
	at := time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		seq, tenant, time string
		want              position
		err               string
	}{
		{"0", tenant, "", position{0, tenant, at}, ""},
		{"7", "contoso.com", "2026-10-01T05:30:00Z", position{7, "contoso.com", at.Add(-30 * time.Minute)}, ""},
		{"7", tenant, "2026-10-01T08:00:00+02:00", position{7, tenant, at}, ""},
		{"2147483647", tenant, "", position{1<<31 - 1, tenant, at}, ""},
		{"2147483648", tenant, "", position{}, "has no number"},
		{"-1", tenant, "", position{}, "has no number"},
		{"+1", tenant, "", position{}, "has no number"},
		{"01", tenant, "", position{}, "has no number"},
		{"1_0", tenant, "", position{}, "has no number"},
		{"0x1", tenant, "", position{}, "has no number"},
		{"", tenant, "", position{}, "has no number"},
		{"1", "", "", position{}, "names no tenant"},
		{"1", tenant, "yesterday", position{}, "no time that can be read"},
		{"1", tenant, "2026-10-01", position{}, "no time that can be read"},
		{"1", tenant, "2026-10-01T05:30:00", position{}, "no time that can be read"},
	} {
		c := &gitstore.Commit{Committer: gitstore.Person{When: at}}
		for key, value := range map[string]string{SeqTrailer: tt.seq, TenantTrailer: tt.tenant, TimeTrailer: tt.time} {
			if value != "" {
				c.Trailers = append(c.Trailers, gitstore.Trailer{Key: key, Value: value})
			}
		}
		got, err := positionOf(c)
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%q %q %q: %v, want %q", tt.seq, tt.tenant, tt.time, err, tt.err)
			}
			continue
		}
		if err != nil || got.seq != tt.want.seq || got.tenant != tt.want.tenant || !got.captured.Equal(tt.want.captured) {
			t.Errorf("%q %q %q: %+v, %v; want %+v", tt.seq, tt.tenant, tt.time, got, err, tt.want)
		}
	}
}

// TestSameTenant: the first id after a domain stays; nothing else changes.
func TestSameTenant(t *testing.T) {
	for _, tt := range []struct {
		before, after string
		want          bool
	}{
		{tenant, tenant, true}, {"contoso.com", "contoso.com", true}, {"contoso.com", tenant, true},
		{tenant, "contoso.com", false}, {tenant, another, false}, {"contoso.com", "fabrikam.com", false},
		{tenant, strings.ToUpper(tenant), false}, // written another way, it is another text everywhere else, too
	} {
		if got := sameTenant(tt.before, tt.after); got != tt.want {
			t.Errorf("%s after %s: %v", tt.after, tt.before, got)
		}
	}
}
