/**
 * The policy of one page: only scripts that carry this page's nonce, and what they load; everything else from our own origin;
 * never inside a frame. Styles may be inline, because libraries write style attributes (web/STACK.md, trap 4).
 */
export function contentSecurityPolicy({ nonce, isDevelopment, connectTo = [] }: { nonce: string; isDevelopment: boolean; /** Origins besides ours that pages may ask: the chains' public nodes. */ connectTo?: readonly string[] }): string {
  return [
    "default-src 'self'",
    // React's development build evaluates code to rebuild server stacks.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "font-src 'self'",
    ["connect-src 'self'", ...connectTo].join(" "),
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
