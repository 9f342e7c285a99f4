// Package validate checks the files of a backup repository, as they lie in a commit or in
// a checkout, against their schemas and each other: that each is of the strict YAML
// profile and of the form of its kind, that what it refers to exists in the same revision,
// and that what entragit.yaml decides is about something.
//
// It owns the rules and what a [Problem] is. It must not know how problems are shown, nor
// Microsoft Graph: it says what the files say, not what the tenant is.
package validate
