package cli

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// actor is who writes to a tenant: a person, an application, or a person through one.
type actor struct {
	id, name string // of the user, or of the service principal
	via      string // the application that a user acts through
	typ      entra.ActorType
	token    string // the header Authorization
	address  string
}

// signs makes a request the actor's own.
func (a actor) signs(r *http.Request) *http.Request {
	if a.token != "" {
		r.Header.Set("Authorization", a.token)
		r.Header.Set("X-Forwarded-For", a.address)
	}
	return r
}

// bearing is an actor with a token of these claims. Nobody verifies it.
func bearing(a actor, claims map[string]any) actor {
	a.token = "Bearer e30." + base64.RawURLEncoding.EncodeToString([]byte(textOf(claims))) + ".sig"
	return a
}

// sent is a write that the tenant took: of a part of an object ("spec/state", "links/members",
// "contained/members"), or of the whole, where the part is empty.
type sent struct {
	key    entra.Key
	part   string
	target string // of a link, or the key of an element
	value  any    // that a property got
	by     actor
}

// sends notes a write that the tenant did not refuse. It returns the refusal, or "".
func (l *law) sends(key entra.Key, part string, err error) string {
	return l.sendsOf(key, part, "", nil, err)
}

func (l *law) sendsOf(key entra.Key, part, target string, value any, err error) string {
	if err == nil {
		l.sent = append(l.sent, sent{key, part, target, value, l.by})
	}
	return why(err)
}

// watched is a tenant to which things happen, with what it held at each snapshot.
type watched struct {
	*incident
	actors []actor
	now    time.Time
	// What the tenant and its snapshots held, and what was done before each.
	worlds    []map[entra.Key]map[string]any
	snapshots []map[string][]*entra.Object
	sets      [][]sent
	story     []string
}

// watch makes a tenant like that of the base, with its clock and its snapshot.
func watch(t *testing.T, base *law, seed uint64) *watched {
	t.Helper()
	dir := t.TempDir()
	i := &incident{random: rand.New(rand.NewPCG(seed, 9)), saved: filepath.Join(dir, "saved"), everyKind: true}
	w := &watched{incident: i, now: time.Now().UTC().Truncate(time.Second).Add(time.Hour)}
	clock := func() time.Time { return w.now }
	server, err := emulator.New(emulator.Options{Save: i.saved, Now: clock})
	must(t, err)
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	own := *base
	own.server, own.admin, own.repo, own.now = server, server.Administrator(), filepath.Join(dir, "backup"), clock
	own.variables = map[string]string{}
	for name, v := range base.variables {
		own.variables[name] = v
	}
	must(t, os.CopyFS(dir, os.DirFS(filepath.Dir(base.repo))))
	must(t, os.Chmod(filepath.Join(dir, "entragit", "signing_key"), 0o600))
	own.variables["ENTRAGIT_REPO"], own.variables["ENTRAGIT_GRAPH"], own.variables["XDG_CONFIG_HOME"] = own.repo, web.URL, dir
	i.law, i.url = &own, web.URL+"/v1.0"
	w.cast(t)
	w.snapshotNow(t) // what the clock of the tenant says of its own is in it
	return w
}

// cast chooses who acts: persons, applications, and persons through applications.
func (w *watched) cast(t *testing.T) {
	t.Helper()
	var users, apps []*entra.Object
	for _, o := range w.files["users"] {
		if o.Spec["accountEnabled"] == true && len(users) < 3 {
			users = append(users, o)
		}
	}
	for _, o := range w.files["servicePrincipals"] {
		if o.Property("servicePrincipalType") == "Application" && len(apps) < 2 {
			apps = append(apps, o)
		}
	}
	for n, o := range users {
		a := actor{id: o.ID, name: o.Text("userPrincipalName"), typ: entra.ActorUser, address: fmt.Sprintf("203.0.113.%d", n+1)}
		claims := map[string]any{"oid": a.id, "upn": a.name}
		if n == 2 {
			a.via = apps[0].Name
			claims["appid"], claims["app_displayname"] = apps[0].Text("appId"), apps[0].Name
		}
		w.actors = append(w.actors, bearing(a, claims))
	}
	for _, o := range apps {
		a := actor{id: o.ID, name: o.Name, typ: entra.ActorApplication}
		w.actors = append(w.actors, bearing(a, map[string]any{"oid": o.ID, "appid": o.Text("appId"), "app_displayname": o.Name}))
	}
	if len(w.actors) != 5 {
		t.Fatalf("the seed has no one to act: %v", w.actors)
	}
}

// act lets one of the actors do something.
func (w *watched) act(do func()) {
	w.by = w.actors[w.random.IntN(len(w.actors))]
	w.admin = w.server.Administrator().As(w.by.signs(httptest.NewRequest(http.MethodPost, "/", nil)))
	w.now = w.now.Add(time.Duration(1+w.random.IntN(90)) * time.Second)
	do()
}

// happens makes so many random changes.
func (w *watched) happens(t *testing.T, changes int) {
	t.Helper()
	for tries := 0; len(w.sent) < changes && tries < 2000; tries++ {
		w.act(func() { w.change(t) })
	}
}

// snapshotNow backs the tenant up a while later, and keeps what it holds.
func (w *watched) snapshotNow(t *testing.T) {
	t.Helper()
	w.now = w.now.Add(2 * time.Hour)
	if code, out, errs := w.entragit("backup", "--accept-shrink", w.variables["ENTRAGIT_KINDS"]); code != exitDone {
		t.Fatalf("backup exits with %d:\n%s%s", code, out, errs)
	}
	w.worlds = append(w.worlds, w.apart(plainWorld(t, w.server, w.saved)))
	w.sets = append(w.sets, w.sent)
	w.story = append(append(w.story, w.happened...), fmt.Sprintf("snapshot %d", len(w.worlds)+1))
	w.sent, w.happened = nil, nil
	w.files = w.snapshot(t, snapshotsBranch)
	w.snapshots = append(w.snapshots, w.files)
	w.now = w.now.Add(3 * time.Hour)
}

// restores takes a deleted object back.
func (w *watched) restores(t *testing.T, key entra.Key) {
	t.Helper()
	k := kind.ByName(key.Kind)
	if status := w.send(t, http.MethodPost, fmt.Sprintf("%s/%s/restore", k.Deletion.RestorePath, key.ID), map[string]any{}); status == http.StatusOK {
		w.sends(key, "", nil)
	}
}

// deletedSoftly are the objects that somebody deleted since the last snapshot but one, and that can be
// taken back.
func (w *watched) deletedSoftly() []entra.Key {
	var keys []entra.Key
	for _, s := range w.sets[len(w.sets)-1] {
		if s.part == "" && kind.ByName(s.key.Kind).Deletion.Mode == kind.DeleteSoft && !slices.Contains(keys, s.key) {
			keys = append(keys, s.key)
		}
	}
	return keys
}
