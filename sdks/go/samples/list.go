package main

import (
	"context"

	"github.com/workos/workos-go/v9"
)

func main() {
	client := workos.NewClient("sk_example_123456789")
	_, err := client.Organizations().List(context.Background())
	if err != nil {
		panic(err)
	}
}
