package main

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"sync"
	"time"

	workos "github.com/workos/workos-go/v9"
)

// Pointers tell what was given from what was not.
type arguments struct {
	ID                               *string           `json:"id"`
	Name                             *string           `json:"name"`
	DomainData                       *[]domainData     `json:"domain_data"`
	Domains                          *[]string         `json:"domains"`
	Metadata                         map[string]string `json:"metadata"`
	ExternalID                       *string           `json:"external_id"`
	StripeCustomerID                 *string           `json:"stripe_customer_id"`
	AllowProfilesOutsideOrganization *bool             `json:"allow_profiles_outside_organization"`
	Before                           *string           `json:"before"`
	After                            *string           `json:"after"`
	Limit                            *int              `json:"limit"`
	Order                            *string           `json:"order"`
	Search                           *string           `json:"search"`
}

type domainData struct {
	Domain string `json:"domain"`
	State  string `json:"state"`
}

type options struct {
	BaseURL        string            `json:"base_url"`
	APIKey         string            `json:"api_key"`
	MaxRetries     *int              `json:"max_retries"`
	TimeoutMS      *int              `json:"timeout_ms"`
	Shared         string            `json:"shared"`
	IdempotencyKey *string           `json:"idempotency_key"`
	ExtraHeaders   map[string]string `json:"extra_headers"`
}

var (
	sharing sync.Mutex
	shared  = map[string]*workos.Client{}
)

// A panic comes out of the SDK like an error: a program of its user would see it.
func attempt(given command, args arguments) (outcome object) {
	var items []any
	defer func() {
		if problem := recover(); problem != nil {
			outcome = raised(fmt.Errorf("panic: %v", problem), "panic")
		}
		if given.Op == "iterate" && outcome["type"] == "error" {
			outcome["items"] = append([]any{}, items...)
		}
	}()
	organizations := clientOf(given.Client).Organizations()
	ctx, opts := context.Background(), requestOptions(given.Opts)
	var result any
	var err error
	switch given.Op {
	case "create":
		result, err = organizations.Create(ctx, createParams(args), opts...)
	case "get":
		result, err = organizations.Get(ctx, *args.ID, opts...)
	case "lookup":
		result, err = organizations.GetByExternalID(ctx, *args.ExternalID, opts...)
	case "update":
		result, err = organizations.Update(ctx, *args.ID, updateParams(args), opts...)
	case "delete":
		err = organizations.Delete(ctx, *args.ID, opts...)
	case "iterate":
		iterator := organizations.List(ctx, listParams(args), opts...)
		deadline := time.Now().Add(time.Duration(given.Limits.MS) * time.Millisecond)
		for len(items) < given.Limits.Items && time.Now().Before(deadline) {
			if !iterator.Next() {
				if err := iterator.Err(); err != nil {
					return raised(err, "")
				}
				return object{"type": "value", "value": object{"data": append([]any{}, items...)}, "complete": true}
			}
			items = append(items, encoded(reflect.ValueOf(iterator.Current())))
		}
		return object{"type": "value", "value": object{"data": items}, "complete": false}
	default:
		return object{"type": "harness_error", "message": "unknown operation " + given.Op}
	}
	if err != nil {
		return raised(err, "")
	}
	return object{"type": "value", "value": encoded(reflect.ValueOf(result))}
}

func clientOf(given options) *workos.Client {
	if given.Shared == "" {
		return newClient(given)
	}
	sharing.Lock()
	defer sharing.Unlock()
	if shared[given.Shared] == nil {
		shared[given.Shared] = newClient(given)
	}
	return shared[given.Shared]
}

func newClient(given options) *workos.Client {
	opts := []workos.ClientOption{workos.WithBaseURL(given.BaseURL)}
	if given.MaxRetries != nil {
		opts = append(opts, workos.WithMaxRetries(*given.MaxRetries))
	}
	if given.TimeoutMS != nil {
		opts = append(opts, workos.WithHTTPClient(&http.Client{Timeout: milliseconds(*given.TimeoutMS)}))
	}
	return workos.NewClient(given.APIKey, opts...)
}

func requestOptions(given options) []workos.RequestOption {
	var opts []workos.RequestOption
	if given.BaseURL != "" {
		opts = append(opts, workos.WithRequestBaseURL(given.BaseURL))
	}
	if given.MaxRetries != nil {
		opts = append(opts, workos.WithRequestMaxRetries(*given.MaxRetries))
	}
	if given.TimeoutMS != nil {
		opts = append(opts, workos.WithTimeout(milliseconds(*given.TimeoutMS)))
	}
	if given.IdempotencyKey != nil {
		opts = append(opts, workos.WithIdempotencyKey(*given.IdempotencyKey))
	}
	if given.ExtraHeaders != nil {
		headers := http.Header{}
		for name, value := range given.ExtraHeaders {
			headers.Set(name, value)
		}
		opts = append(opts, workos.WithExtraHeaders(headers))
	}
	return opts
}

func milliseconds(number int) time.Duration { return time.Duration(number) * time.Millisecond }

func createParams(args arguments) *workos.OrganizationsCreateParams {
	params := &workos.OrganizationsCreateParams{
		AllowProfilesOutsideOrganization: args.AllowProfilesOutsideOrganization,
		Domains:                          strs(args.Domains),
		DomainData:                       domains(args.DomainData),
		Metadata:                         args.Metadata,
		ExternalID:                       args.ExternalID,
	}
	if args.Name != nil {
		params.Name = *args.Name
	}
	return params
}

func updateParams(args arguments) *workos.OrganizationsUpdateParams {
	return &workos.OrganizationsUpdateParams{
		Name:                             args.Name,
		AllowProfilesOutsideOrganization: args.AllowProfilesOutsideOrganization,
		Domains:                          strs(args.Domains),
		DomainData:                       domains(args.DomainData),
		StripeCustomerID:                 args.StripeCustomerID,
		Metadata:                         args.Metadata,
		ExternalID:                       args.ExternalID,
	}
}

func listParams(args arguments) *workos.OrganizationsListParams {
	params := &workos.OrganizationsListParams{Domains: strs(args.Domains), Search: args.Search}
	params.Before, params.After, params.Limit, params.Order = args.Before, args.After, args.Limit, args.Order
	return params
}

func strs(given *[]string) []string {
	if given == nil {
		return nil
	}
	return *given
}

func domains(given *[]domainData) []*workos.OrganizationDomainData {
	if given == nil {
		return nil
	}
	made := []*workos.OrganizationDomainData{}
	for _, one := range *given {
		state := workos.OrganizationDomainDataState(one.State)
		made = append(made, &workos.OrganizationDomainData{Domain: one.Domain, State: state})
	}
	return made
}
