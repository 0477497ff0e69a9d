/** Django's token against forged requests: from the cookie, or from a form of the page. */
export function csrfToken(): string {
  const cookie = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  return (
    cookie ??
    document.querySelector<HTMLInputElement>('input[name="csrfmiddlewaretoken"]')?.value ??
    ''
  );
}
