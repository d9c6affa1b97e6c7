using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Alize.Workflows.Tests.Http;

/// <summary>Somebody else's server on a free port: says what a test tells it to, and notes what it was asked.</summary>
public sealed class OtherServer : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly Task serving;

    public OtherServer()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        }

        listener.Prefixes.Add(Address);
        listener.Start();
        serving = ServeAsync();
    }

    public string Address { get; }

    /// <summary>Method, path, idempotency key and body of each request.</summary>
    public List<(string Method, string Path, string? Key, string? Authorization, string Body)> Asked { get; } = [];

    public Func<HttpListenerContext, Task> Answer { get; set; } = context => SayAsync(context, 200, """{"name":"Menuiserie Aubry"}""");

    public static async Task SayAsync(HttpListenerContext context, int status, string body, string type = "application/json", string? location = null)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        if (location is not null) context.Response.RedirectLocation = location;
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        context.Response.Close();
    }

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var reader = new StreamReader(context.Request.InputStream);
            Asked.Add((context.Request.HttpMethod, context.Request.Url!.AbsolutePath, context.Request.Headers["Idempotency-Key"], context.Request.Headers["Authorization"], await reader.ReadToEndAsync()));
            try
            {
                await Answer(context);
            }
            catch (HttpListenerException)
            {
                // Whoever is sent elsewhere need not read what else is said.
            }
        }
    }
}
