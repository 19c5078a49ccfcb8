# frozen_string_literal: true

module WorkOS
  class Organizations
    def initialize(http)
      @http = http
    end

    def list_organizations(before: nil, after: nil, limit: nil, order: "desc", domains: nil, search: nil,
      request_options: {})
      query = {before: before, after: after, limit: limit, order: order, domains: domains&.join(","), search: search}
      page = JSON.parse(@http.request(Net::HTTP::Get, "", request_options, query: query.compact))
      following = lambda do |cursor|
        list_organizations(after: cursor, limit: limit, order: order, domains: domains, search: search,
          request_options: request_options)
      end
      Types::ListStruct.new(
        data: page["data"].map { |item| Organization.new(item) },
        list_metadata: page["list_metadata"],
        fetch_next: following
      )
    end

    def create_organization(name:, allow_profiles_outside_organization: nil, domains: nil, domain_data: nil,
      metadata: nil, external_id: nil, request_options: {})
      body = {
        name: name, allow_profiles_outside_organization: allow_profiles_outside_organization, domains: domains,
        domain_data: domain_data, metadata: metadata, external_id: external_id
      }
      one(Net::HTTP::Post, "", request_options, body: body.compact)
    end

    def get_organization_by_external_id(external_id:, request_options: {})
      one(Net::HTTP::Get, "/external_id/#{segment(external_id)}", request_options)
    end

    def get_organization(id:, request_options: {})
      one(Net::HTTP::Get, "/#{segment(id)}", request_options)
    end

    def update_organization(id:, name: nil, allow_profiles_outside_organization: nil, domains: nil, domain_data: nil,
      stripe_customer_id: nil, metadata: nil, external_id: nil, request_options: {})
      body = {
        name: name, allow_profiles_outside_organization: allow_profiles_outside_organization, domains: domains,
        domain_data: domain_data, stripe_customer_id: stripe_customer_id, metadata: metadata, external_id: external_id
      }
      one(Net::HTTP::Put, "/#{segment(id)}", request_options, body: body.compact)
    end

    def delete_organization(id:, request_options: {})
      @http.request(Net::HTTP::Delete, "/#{segment(id)}", request_options)
      nil
    end

    private

    def one(type, path, options, body: nil)
      Organization.new(JSON.parse(@http.request(type, path, options, body: body)))
    end

    def segment(text)
      URI.encode_www_form_component(text).gsub("+", "%20")
    end
  end
end
