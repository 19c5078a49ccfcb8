<?php

/** Loads a checkout of the SDK whose dependencies Debian brings: Guzzle from its package, the SDK by its own layout. */

declare(strict_types=1);

require 'GuzzleHttp/autoload.php';

spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'WorkOS\\')) {
        $file = __DIR__ . '/checkout/lib/' . str_replace('\\', '/', substr($class, strlen('WorkOS\\'))) . '.php';
        if (is_file($file)) {
            require $file;
        }
    }
});
