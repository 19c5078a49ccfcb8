<?php

declare(strict_types=1);

namespace WorkOS\Resource;

enum PaginationOrder: string
{
    case Normal = 'normal';
    case Desc = 'desc';
    case Asc = 'asc';
}
