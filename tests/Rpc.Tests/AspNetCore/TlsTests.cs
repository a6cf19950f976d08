using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace StreamGenre.Rpc.Tests.AspNetCore;

public sealed class TlsTests
{
    [Fact]
    public async Task UnaryCall_ClientShowsCertificate_HandlerKnowsItsName()
    {
        using var serverCertificate = MakeCertificate("localhost");
        using var clientCertificate = MakeCertificate("station-7");
        await using var application = await StartAsync(serverCertificate);
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [clientCertificate],
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == serverCertificate.GetCertHashString(),
            },
        };
        using var channel = GrpcChannel.ForAddress(application.Urls.Single(), new GrpcChannelOptions { HttpHandler = handler });
        var response = await new TestService.TestServiceClient(channel).UnaryCallAsync(new SimpleRequest());
        Assert.Equal("x509_subject_alternative_name=station-7", response.Username);
    }

    [Fact]
    public async Task UnaryCall_ServerCertificateIsNotTrusted_FailsWithoutReachingHandler()
    {
        using var certificate = MakeCertificate("localhost");
        await using var application = await StartAsync(certificate);
        using var channel = GrpcChannel.ForAddress(application.Urls.Single());
        var failure = await Assert.ThrowsAsync<RpcException>(
            () => new TestService.TestServiceClient(channel).UnaryCallAsync(new SimpleRequest()).ResponseAsync.WaitAsync(RawCall.Limit));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    private static async Task<WebApplication> StartAsync(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http2;
            endpoint.UseHttps(certificate, https =>
            {
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            });
        }));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(new ScriptedService
        {
            OnUnary = (_, context) => Task.FromResult<SimpleResponse?>(new SimpleResponse
            {
                Username = string.Join(',', context.AuthContext.PeerIdentity.Select(property => $"{property.Name}={property.Value}")),
            }),
        });
        var application = builder.Build();
        application.MapGrpcService<ScriptedService>();
        await application.StartAsync();
        return application;
    }

    private static X509Certificate2 MakeCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        // A key that was only made in memory can't be used for TLS everywhere; one that was imported can.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
