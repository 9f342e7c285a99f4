package cli

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// TestDoctorShowsTheJobsSubject shows in a GitHub Actions job what a federated
// credential has to name.
func TestDoctorShowsTheJobsSubject(t *testing.T) {
	server, err := emulator.New(emulator.Options{Seed: "empty"})
	if err != nil {
		t.Fatal(err)
	}
	tenant := httptest.NewServer(server)
	defer tenant.Close()
	subject := "repo:contoso@1/backup@2:ref:refs/heads/main"
	actions := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims := fmt.Sprintf(`{"iss":"https://token.actions.githubusercontent.com","sub":%q,"aud":%q}`, subject, r.URL.Query().Get("audience"))
		fmt.Fprintf(w, `{"value":"e30.%s.sig"}`, base64.RawURLEncoding.EncodeToString([]byte(claims)))
	}))
	defer actions.Close()
	job := map[string]string{
		"ENTRAGIT_GRAPH": tenant.URL, "ENTRAGIT_REPO": t.TempDir(), "ENTRAGIT_CLOUD": "usgov", "ENTRAGIT_KINDS": "domains",
		"XDG_CONFIG_HOME": t.TempDir(), "GITHUB_ACTIONS": "true",
		"ACTIONS_ID_TOKEN_REQUEST_URL": actions.URL + "?api-version=2.0", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "t",
	}
	_, out, _ := run(t, job, "doctor")
	if want := "subject " + subject + ", audience api://AzureADTokenExchangeUSGov\n"; !strings.Contains(out, want) {
		t.Errorf("want %q in\n%s", want, out)
	}
	delete(job, "ACTIONS_ID_TOKEN_REQUEST_URL")
	_, out, _ = run(t, job, "doctor")
	if want := "id-token: write"; !strings.Contains(out, want) {
		t.Errorf("want %q in\n%s", want, out)
	}
	delete(job, "GITHUB_ACTIONS")
	_, out, _ = run(t, job, "doctor")
	if strings.Contains(out, "GitHub") {
		t.Errorf("speaks of GitHub outside of it:\n%s", out)
	}
}

func TestDoctorLooksAtTheClock(t *testing.T) {
	for _, test := range []struct {
		skew time.Duration
		ok   bool
		want string
	}{
		{time.Second, true, "as Microsoft Graph's"},
		{-40 * time.Second, true, "40 seconds behind Microsoft Graph's"},
		{3 * time.Hour, false, "3 hours ahead of Microsoft Graph's"},
	} {
		e := &examination{tenant: &tenant{skew: func() (time.Duration, bool) { return test.skew, true }}}
		e.lookAtClock()
		if f := e.findings[0]; f.OK != test.ok || f.Answer != test.want || f.OK == (f.Advice != "") {
			t.Errorf("%v: %+v", test.skew, f)
		}
	}
}

func TestDoctorAdvises(t *testing.T) {
	k := &kind.Kind{Name: "things", Reading: kind.Reading{Licence: "Microsoft Entra ID P2"}}
	for _, test := range []struct {
		probe capture.Probe
		ok    bool
		want  string // of the advice
	}{
		{capture.Probe{Kind: k}, true, ""},
		{capture.Probe{Kind: k, Untried: true}, true, ""},
		{capture.Probe{Kind: k, Permissions: []string{"A.Read.All"}, Err: entra.ErrForbidden}, false, "grant A.Read.All to "},
		{capture.Probe{Kind: k, Err: entra.ErrUnlicensed}, false, "it takes Microsoft Entra ID P2; "},
		{capture.Probe{Kind: &kind.Kind{}, Err: entra.ErrUnlicensed}, false, "leave the kind out"},
		{capture.Probe{Kind: k, Err: entra.ErrUnavailable}, false, ""},
	} {
		f := probed(test.probe)
		if f.OK != test.ok || !strings.HasPrefix(f.Advice, test.want) || test.want == "" && f.Advice != "" {
			t.Errorf("%+v: %+v", test.probe, f)
		}
	}
}

// TestDoctorTellsWhatTheLogForgot: who changed what since the newest snapshot is lost where the
// log does not go back to it.
func TestDoctorTellsWhatTheLogForgot(t *testing.T) {
	server, err := emulator.New(emulator.Options{Seed: "empty"})
	if err != nil {
		t.Fatal(err)
	}
	tenant := httptest.NewServer(server)
	defer tenant.Close()
	env := map[string]string{"ENTRAGIT_GRAPH": tenant.URL, "ENTRAGIT_REPO": filepath.Join(t.TempDir(), "backup"), "ENTRAGIT_KINDS": "domains", "XDG_CONFIG_HOME": t.TempDir()}
	for _, verb := range []string{"init", "backup"} {
		if code, _, said := run(t, env, verb); code != exitDone {
			t.Fatalf("%s: %s", verb, said)
		}
	}
	if _, err := http.Post(tenant.URL+"/v1.0/groups", "application/json", strings.NewReader(`{"displayName":"g","mailNickname":"g","mailEnabled":false,"securityEnabled":true}`)); err != nil {
		t.Fatal(err)
	}
	for days, forgot := range map[int]bool{1: false, 6: false, 8: true} {
		_, out, _ := runAt(t, func() time.Time { return time.Now().AddDate(0, 0, days) }, env, "doctor")
		if got := strings.Contains(out, "it may have forgotten who changed what soon after the newest snapshot"); got != forgot {
			t.Errorf("after %d days: %v in\n%s", days, got, out)
		}
	}
}
