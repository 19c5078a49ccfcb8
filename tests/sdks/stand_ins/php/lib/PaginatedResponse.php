<?php

declare(strict_types=1);

namespace WorkOS;

class PaginatedResponse
{
    public function __construct(
        public readonly array $data,
        public readonly array $listMetadata,
        private readonly \Closure $next,
    ) {
    }

    public function autoPagingIterator(): \Generator
    {
        $page = $this;
        yield from $page->data;
        while ($page->listMetadata['after'] !== null) {
            $page = ($this->next)($page->listMetadata['after']);
            yield from $page->data;
        }
    }
}
