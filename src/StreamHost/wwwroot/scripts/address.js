// The server's address with another scheme: wherever the page is served from, below a proxy's path too.
export function socketAddress(path) {
  const address = new URL(path, document.baseURI);
  address.hash = '';
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address.href;
}

// What a request answers, or an error with the server's own words.
export async function ask(path, options) {
  const response = await fetch(path, options);
  if (response.ok) {
    return response.json();
  }
  const problem = await response.json().catch(() => null);
  throw Object.assign(new Error(problem?.detail ?? `the server answered ${response.status}`), { status: response.status });
}
