# frozen_string_literal: true

require "net/http"

module WorkOS
  # Sends requests; options of one call go before those of the client.
  class Http
    ERRORS = {
      400 => InvalidRequestError,
      401 => AuthenticationError,
      403 => ForbiddenRequestError,
      404 => NotFoundError,
      422 => UnprocessableEntityError,
      429 => RateLimitExceededError
    }.freeze

    def initialize(api_key, usual)
      @api_key = api_key
      @usual = usual
    end

    def request(type, path, options, query: nil, body: nil)
      chosen = @usual.merge(options)
      target = URI("#{chosen[:base_url]}/organizations#{path}")
      target.query = URI.encode_www_form(query) if query
      response = nil
      (chosen[:max_retries] + 1).times do
        response = attempt(type, target, chosen, body)
        break unless response.code == "429" || response.code.start_with?("5")
      end
      read(response)
    end

    private

    def attempt(type, target, chosen, body)
      request = type.new(target)
      (chosen[:extra_headers] || {}).each { |name, value| request[name] = value }
      request["Authorization"] = "Bearer #{@api_key}"
      request["User-Agent"] = "workos-ruby/#{VERSION}"
      request["Idempotency-Key"] = chosen[:idempotency_key] if chosen[:idempotency_key]
      unless body.nil?
        request["Content-Type"] = "application/json"
        request.body = JSON.generate(body)
      end
      seconds = chosen[:timeout]
      Net::HTTP.start(target.host, target.port, open_timeout: seconds, read_timeout: seconds, max_retries: 0) do |http|
        http.request(request)
      end
    rescue SystemCallError, IOError, Timeout::Error => error
      raise APIConnectionError.new(message: error.message)
    end

    def read(response)
      status = response.code.to_i
      return response.body if status < 400

      said = JSON.parse(response.body)
      raise ERRORS.fetch(status, APIError).new(
        message: said["message"], http_status: status, request_id: response["X-Request-ID"], code: said["code"],
        retry_after: response["Retry-After"]&.to_i
      )
    end
  end
end
