/** Errors of the AWS SDK, as a line for the user. */
import { Problem } from "../machine/problem";

/** No credentials, or those that AWS no longer takes. https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html */
const UNKNOWN_CALLER =
  /^(CredentialsProviderError|TokenProviderError|Expired(Token|TokenException)|RequestExpired|InvalidClientTokenId|UnrecognizedClientException|AuthFailure|InvalidAccessKeyId|SignatureDoesNotMatch|MissingAuthenticationToken)$/;

/** A `Problem` in place of an error of the SDK; any other error is returned as it is, since it is a fault of this program. */
export function explained(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Problem) return error;
  const message = error.message.replace(/^AWS SDK error wrapper for \w*: /, "").replace(/\s+/g, " ");
  if (UNKNOWN_CALLER.test(error.name))
    return new Problem(`AWS does not know who you are (${message}); sign in, for instance with: aws configure sso`);
  if ("$fault" in error) return new Problem(`AWS refuses a request: ${error.name}: ${message}`);
  // The SDK notes its attempts on errors of the network, too.
  if ("$metadata" in error) return new Problem(`AWS cannot be reached: ${message}`);
  return error;
}
