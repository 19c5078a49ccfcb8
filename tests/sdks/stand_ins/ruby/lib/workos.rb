# frozen_string_literal: true

require "json"
require "workos/errors"
require "workos/http"
require "workos/models"
require "workos/organizations"

module WorkOS
  VERSION = "0.0.0.standin"

  Configuration = Struct.new(:api_key, :client_id, :base_url, :timeout, :max_retries)

  class << self
    def configure
      yield configuration
    end

    def configuration
      @configuration ||= Configuration.new
    end

    def client
      @client ||= Client.new(**configuration.to_h.compact)
    end
  end

  class Client
    def initialize(api_key:, client_id: nil, base_url: "https://api.workos.com", timeout: 30, max_retries: 2)
      @client_id = client_id
      @http = Http.new(api_key, base_url: base_url, timeout: timeout, max_retries: max_retries)
    end

    def organizations
      Organizations.new(@http)
    end

    def shutdown; end
  end
end
