# frozen_string_literal: true

module WorkOS
  class Error < StandardError
    attr_reader :http_status, :request_id, :code, :retry_after

    def initialize(message:, http_status: nil, request_id: nil, code: nil, retry_after: nil)
      super(message)
      @http_status = http_status
      @request_id = request_id
      @code = code
      @retry_after = retry_after
    end
  end

  class APIError < Error; end
  class APIConnectionError < Error; end
  class InvalidRequestError < APIError; end
  class AuthenticationError < APIError; end
  class ForbiddenRequestError < APIError; end
  class NotFoundError < APIError; end
  class UnprocessableEntityError < APIError; end
  class RateLimitExceededError < APIError; end
end
