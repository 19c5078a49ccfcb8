// Package protocol keeps standard output for the protocol.
//
// Go initializes packages in the order of their import paths: this one comes before the SDK and all that the SDK
// imports, so that nothing of theirs can write there, not even while they are initialized.
package protocol

import "os"

// Output is what was standard output when the program began.
var Output = os.Stdout

func init() { os.Stdout = os.Stderr }
