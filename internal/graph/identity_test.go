package graph_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

// bearer always has the same token.
type bearer struct {
	token string
	err   error
}

func (b bearer) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: b.token, ExpiresOn: time.Now().Add(time.Hour)}, b.err
}

// Who signed in is what the token says, and Graph is not asked.
func TestIdentity(t *testing.T) {
	token := func(payload string) string {
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".x"
	}
	refused := errors.New("AADSTS700016")
	for name, tt := range map[string]struct {
		bearer bearer
		want   graph.Identity
		err    error
	}{
		"an application":    {bearer{token: token(`{"oid":"o-1","appid":"a-1","name":"?>~"}`)}, graph.Identity{ObjectID: "o-1", AppID: "a-1"}, nil},
		"permissions":       {bearer{token: token(`{"oid":"o-1","appid":"a-1","roles":["Policy.Read.All"]}`)}, graph.Identity{ObjectID: "o-1", AppID: "a-1", Roles: []string{"Policy.Read.All"}}, nil},
		"a user":            {bearer{token: token(`{"oid":"u-1","appid":"a-1","scp":"User.Read"}`)}, graph.Identity{ObjectID: "u-1", AppID: "a-1", Scopes: "User.Read"}, nil},
		"no claims":         {bearer{token: token(`{}`)}, graph.Identity{}, nil},
		"two parts":         {bearer{token: "e30.e30"}, graph.Identity{}, entra.ErrUnauthenticated},
		"no Base64":         {bearer{token: "e30.{}.x"}, graph.Identity{}, entra.ErrUnauthenticated},
		"no JSON":           {bearer{token: token("oid")}, graph.Identity{}, entra.ErrUnauthenticated},
		"no token":          {bearer{err: refused}, graph.Identity{}, entra.ErrUnauthenticated},
		"why there is none": {bearer{err: refused}, graph.Identity{}, refused},
	} {
		t.Run(name, func(t *testing.T) {
			srv := &steps{handlers: []http.HandlerFunc{answer(500, "")}}
			client, _ := connectTLS(t, srv, tt.bearer)
			got, err := client.Identity(t.Context())
			if !reflect.DeepEqual(got, tt.want) || !errors.Is(err, tt.err) || srv.count() > 0 {
				t.Errorf("got %+v, error %v, after %d requests", got, err, srv.count())
			}
		})
	}
}

// Without a sign-in nobody signed in.
func TestIdentityOfNobody(t *testing.T) {
	client, _, _ := connect(t, &steps{handlers: []http.HandlerFunc{answer(500, "")}})
	if got, err := client.Identity(t.Context()); err != nil || !reflect.DeepEqual(got, graph.Identity{}) {
		t.Errorf("got %+v, error %v", got, err)
	}
}
