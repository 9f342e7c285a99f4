// Entragit keeps the configuration of a Microsoft Entra ID tenant in Git, and puts
// any part of it back.
package main

import (
	"os"

	"github.com/entragit/entragit/internal/cli"
)

func main() { os.Exit(cli.Main()) }
