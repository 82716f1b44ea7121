using System.Collections.Generic;
using Amazon.CDK;
using Amazon.CDK.AWS.Apigatewayv2;
using Amazon.CDK.AwsApigatewayv2Authorizers;
using Amazon.CDK.AWS.CloudWatch;
using Amazon.CDK.AWS.IVSChat;
using Amazon.CDK.AWS.KinesisFirehose;
using Amazon.CDK.AWS.Lambda;
using Amazon.CDK.AWS.Logs;
using Amazon.CDK.AWS.S3;
using Amazon.CDK.Interfaces.IVSChat;
using CdkIvsChat;
using Constructs;

var app = new App();
new ChatStack(app, "Chat", new StackProps
{
    Env = new Amazon.CDK.Environment { Account = "123456789012", Region = "us-west-2" },
});
app.Synth();

/// <summary>Chat rooms, their logs, and the functions that use them.</summary>
internal sealed class ChatStack : Stack
{
    internal ChatStack(Construct scope, string id, IStackProps props) : base(scope, id, props)
    {
        ChatRoomProvider.Configure(this, new ChatRoomProviderOptions
        {
            MemorySize = 512,
            LogRetention = RetentionDays.ONE_WEEK,
        });

        var tokenFunction = CreateFunction("TokenFunction");
        var moderationFunction = CreateFunction("ModerationFunction");
        var reviewFunction = CreateFunction("ReviewFunction");

        var room = new ChatRoom(this, "Room", new ChatRoomProps
        {
            MaximumMessageLength = 300,
            MaximumMessageRatePerSecond = 50,
        });
        room.GrantCreateChatToken(tokenFunction);
        room.GrantModerate(moderationFunction);
        new CfnOutput(this, "RoomArn", new CfnOutputProps { Value = room.RoomArn });

        var bucket = new Bucket(this, "Archive", new BucketProps { EnforceSSL = true });
        var archive = new LoggingConfiguration(this, "ArchiveLogging", new LoggingConfigurationProps
        {
            LoggingConfigurationName = "archive",
            Destination = LoggingDestination.S3(bucket),
            RemovalPolicy = RemovalPolicy.RETAIN,
        });
        var logGroup = new LoggingConfiguration(this, "LogGroupLogging", new LoggingConfigurationProps
        {
            Destination = LoggingDestination.CloudWatchLogs(new LogGroup(this, "ChatLog")),
            Tags = new Dictionary<string, string> { ["team"] = "chat" },
        });
        var deliveryStream = new DeliveryStream(this, "Stream", new DeliveryStreamProps
        {
            Destination = new S3Bucket(bucket),
        });
        var stream = new LoggingConfiguration(this, "StreamLogging", new LoggingConfigurationProps
        {
            Destination = LoggingDestination.Firehose(deliveryStream, new LoggingDestinationOptions
            {
                ManageDeliveryPermissions = false,
            }),
        });

        var reviewedRoom = new ChatRoom(this, "ReviewedRoom", new ChatRoomProps
        {
            RoomName = "reviewed",
            MessageReviewHandler = MessageReviewHandler.LambdaFunction(reviewFunction, new LambdaMessageReviewHandlerOptions
            {
                FallbackResult = FallbackResult.ALLOW,
            }),
            LoggingConfigurations = [archive, logGroup],
            Tags = new Dictionary<string, string> { ["team"] = "chat" },
            RemovalPolicy = RemovalPolicy.RETAIN,
        });
        reviewedRoom.AddLoggingConfiguration(stream);
        reviewedRoom.Grants.DeleteMessage(moderationFunction);
        reviewedRoom.Grants.DisconnectUser(moderationFunction);
        var oneError = new CreateAlarmOptions { Threshold = 1, EvaluationPeriods = 1 };
        reviewedRoom.MessageReviewHandler!.MetricInvocationErrors().CreateAlarm(this, "ReviewErrors", oneError);
        archive.MetricLogDestinationErrors().CreateAlarm(this, "LogErrors", oneError);
        archive.Grants.Read(moderationFunction);
        ChatRoom.MetricAllRequests(MessagingAction.SEND_MESSAGE).CreateAlarm(this, "ManyMessages", new CreateAlarmOptions
        {
            Threshold = 1000,
            EvaluationPeriods = 1,
        });

        new ChatRoom(this, "AdoptedRoom", new ChatRoomProps
        {
            ExistingRoom = ChatRoom.FromRoomId(this, "ExistingRoom", "g1H2I3j4k5L6"),
        });
        new ChatRoom(this, "RoomInIreland", new ChatRoomProps { Region = "eu-west-1" });
        new ChatRoom(this, "NativeRoom", new ChatRoomProps { Provisioning = Provisioning.CLOUDFORMATION });
        var native = new Construct(this, "Native");
        native.Node.SetContext("cdk-ivs-chat:provisioning", "CLOUDFORMATION");
        new ChatRoom(native, "Room", new ChatRoomProps
        {
            LoggingConfigurations =
            [
                new LoggingConfiguration(native, "Logging", new LoggingConfigurationProps
                {
                    Destination = LoggingDestination.S3(bucket),
                }),
            ],
        });
        new ChatRoom(native, "FastRoom", new ChatRoomProps
        {
            MaximumMessageRatePerSecond = 100,
            Provisioning = Provisioning.CUSTOM_RESOURCE,
        });
        ChatRoom.FromRoomArn(this, "ImportedRoom", "arn:aws:ivschat:us-west-2:123456789012:room/abcdefghijkl")
            .GrantSendEvent(moderationFunction);
        ChatRoomGrants.FromRoom(new CfnRoom(this, "CfnRoom")).CreateChatToken(tokenFunction);
        LoggingConfigurationGrants.FromLoggingConfiguration(stream).Manage(moderationFunction);

        var banList = new BanList(this, "BanList", new BanListProps
        {
            PointInTimeRecovery = true,
            RemovalPolicy = RemovalPolicy.DESTROY,
        });
        BanList.FromTableName(this, "ImportedBanList", "bans").GrantWrite(moderationFunction);
        var chatApi = new ChatApi(this, "ChatApi", new ChatApiProps
        {
            Rooms = new Dictionary<string, IRoomRef> { ["lobby"] = room, ["reviewed"] = reviewedRoom },
            Authorizer = new HttpJwtAuthorizer("Users", "https://issuer.example.com", new HttpJwtAuthorizerProps
            {
                JwtAudience = ["chat"],
            }),
            Claims = new ChatClaims { DisplayName = "nickname", Role = "groups" },
            Roles = new Dictionary<string, ChatRole>
            {
                ["staff"] = ChatRole.MODERATOR,
                ["reporter"] = ChatRole.Of(new ChatRoleOptions
                {
                    Capabilities = [ChatCapability.SEND_MESSAGE],
                    Operations = [ChatOperation.CREATE_CHAT_TOKEN, ChatOperation.REPORT_MESSAGE],
                }),
            },
            BanList = banList,
            Policy = new ChatPolicy { Contact = "chat@example.com", TermsUrl = "https://example.com/terms" },
            RequiredTerms = "2026-11",
            Throttle = new ThrottleSettings { RateLimit = 50, BurstLimit = 100 },
            SessionDuration = Duration.Minutes(120),
            AllowOrigins = ["https://example.com"],
        });
        chatApi.BanList.GrantRead(reviewFunction);
        new CfnOutput(this, "ChatUrl", new CfnOutputProps { Value = chatApi.Url });
    }

    private Function CreateFunction(string id) => new(this, id, new FunctionProps
    {
        Runtime = Runtime.NODEJS_24_X,
        Handler = "index.handler",
        Code = Code.FromInline("exports.handler = async () => ({});"),
    });
}
