/** Members that several of the portal's operations have. */
import { bounded, header, integer, optional, query, secret, string } from '../shape.ts'

/**
 * Who asks. One hyphen-minus, one underscore: exactly what clients send. Proxies that drop names with underscores must be told
 * not to.
 */
export const accessToken = header('x-amz-sso_bearer_token', secret())

/** Where the page before ended. */
export const nextToken = query('next_token', optional(string()))

/** How long a page may be. */
export const maxResults = query('max_result', optional(bounded({ min: 1, max: 100 }, integer())))
