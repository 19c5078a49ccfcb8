# frozen_string_literal: true

module WorkOS
  class OrganizationDomainData
    attr_accessor :domain, :state

    def initialize(given)
      @domain = given[:domain]
      @state = given[:state]
    end

    def to_json(*)
      JSON.generate("domain" => domain, "state" => state)
    end
  end

  class OrganizationDomain
    attr_accessor :object, :id, :organization_id, :domain, :state, :verification_prefix, :verification_token,
      :verification_strategy, :created_at, :updated_at

    def initialize(given)
      given.each { |name, value| public_send("#{name}=", value) }
    end
  end

  class Organization
    attr_accessor :object, :id, :name, :domains, :metadata, :external_id, :stripe_customer_id, :created_at, :updated_at,
      :allow_profiles_outside_organization

    def initialize(given)
      given.each { |name, value| public_send("#{name}=", value) }
      self.domains = domains.map { |domain| OrganizationDomain.new(domain) }
    end
  end

  module Types
    class ListStruct
      attr_accessor :data, :list_metadata, :fetch_next

      def initialize(data:, list_metadata:, fetch_next:)
        @data = data
        @list_metadata = list_metadata
        @fetch_next = fetch_next
      end

      def auto_paging_each(&block)
        page = self
        page.data.each(&block)
        while (cursor = page.list_metadata["after"])
          page = fetch_next.call(cursor)
          page.data.each(&block)
        end
      end
    end
  end
end
