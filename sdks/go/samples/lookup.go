package main

import (
	"context"

	"github.com/workos/workos-go/v9"
)

func main() {
	client := workos.NewClient("sk_example_123456789")
	_, err := client.Organizations().GetByExternalID(context.Background(), "2fe01467-f7ea-4dd2-8b79-c2b4f56d0191")
	if err != nil {
		panic(err)
	}
}
