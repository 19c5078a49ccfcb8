package main

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	workos "github.com/workos/workos-go/v9"
)

var (
	sdk   = reflect.TypeOf(workos.APIError{}).PkgPath()
	kinds = map[string]string{
		"APIError":                 "api",
		"AuthenticationError":      "authentication",
		"NetworkError":             "connection",
		"NotFoundError":            "not_found",
		"RateLimitExceededError":   "rate_limit",
		"ServerError":              "server",
		"UnprocessableEntityError": "unprocessable",
	}
)

// The first type of the SDK's in the chain is what errors.As finds.
func raised(err error, class string) object {
	outcome := object{
		"type": "error", "class": class, "is_sdk_error": false, "kind": "other", "message": err.Error(),
		"status": nil, "code": nil, "request_id": nil, "retry_after": nil,
	}
	if class == "" {
		outcome["class"] = strings.TrimPrefix(fmt.Sprintf("%T", err), "*")
	}
	for link := err; link != nil; link = errors.Unwrap(link) {
		if named := reflect.Indirect(reflect.ValueOf(link)).Type(); named.PkgPath() == sdk {
			outcome["class"], outcome["is_sdk_error"] = named.String(), true
			if kind, known := kinds[named.Name()]; known {
				outcome["kind"] = kind
			}
			break
		}
	}
	var api *workos.APIError
	if errors.As(err, &api) {
		outcome["status"], outcome["code"], outcome["message"] = api.StatusCode, api.Code, api.Message
		outcome["request_id"], outcome["retry_after"] = api.RequestID, api.RetryAfter
	}
	return outcome
}

// What public fields hold. Marshalling would follow the SDK's own tags, which leave out what is empty.
func encoded(value reflect.Value) any {
	switch value.Kind() {
	case reflect.Invalid:
		return nil
	case reflect.Pointer, reflect.Interface:
		return encoded(value.Elem())
	case reflect.Struct:
		fields := object{}
		for i := range value.NumField() {
			if field := value.Type().Field(i); field.IsExported() {
				fields[snakeCase(field.Name)] = encoded(value.Field(i))
			}
		}
		return fields
	case reflect.Slice:
		if value.IsNil() {
			return nil
		}
		items := []any{}
		for i := range value.Len() {
			items = append(items, encoded(value.Index(i)))
		}
		return items
	case reflect.Map:
		if value.IsNil() {
			return nil
		}
		members := object{}
		for _, key := range value.MapKeys() {
			members[fmt.Sprint(key)] = encoded(value.MapIndex(key))
		}
		return object{"$map": members}
	case reflect.String:
		if value.Type().PkgPath() == sdk {
			return object{"$enum": value.String()}
		}
		return value.String()
	case reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64:
		return value.Interface()
	}
	return object{"$other": fmt.Sprintf("%s: %v", value.Type(), value)}
}

var (
	wordEnd = regexp.MustCompile(`([a-z0-9])([A-Z])`)
	acronym = regexp.MustCompile(`([A-Z])([A-Z][a-z])`)
)

func snakeCase(name string) string {
	return strings.ToLower(acronym.ReplaceAllString(wordEnd.ReplaceAllString(name, "${1}_${2}"), "${1}_${2}"))
}
