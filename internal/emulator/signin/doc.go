// Package signin is the sign-in of a Graph tenant that runs here: the endpoints of
// https://login.microsoftonline.com that a confidential client asks for a token, the check
// of that token before Graph, the stand-in for GitHub's identity tokens, and a certificate for
// TLS, without which clients of an authority go nowhere.
//
// It knows the tenant by the three questions of [Tenant] alone. It must not know how the
// tenant keeps its objects, nor what the rest of the program believes: it is a witness, and
// imports none of its packages.
package signin
