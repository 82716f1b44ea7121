"""Chat rooms, their logs, and the functions that use them."""

from aws_cdk import App, CfnOutput, Duration, Environment, RemovalPolicy, Stack
from aws_cdk import aws_ivschat as ivschat
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk.aws_apigatewayv2 import ThrottleSettings
from aws_cdk.aws_apigatewayv2_authorizers import HttpJwtAuthorizer
from cdk_ivs_chat import (
    BanList,
    ChatApi,
    ChatCapability,
    ChatClaims,
    ChatOperation,
    ChatPolicy,
    ChatRole,
    ChatRoom,
    ChatRoomGrants,
    ChatRoomProvider,
    FallbackResult,
    LoggingConfiguration,
    LoggingConfigurationGrants,
    LoggingDestination,
    MessageReviewHandler,
    MessagingAction,
    Provisioning,
)
from constructs import Construct


class ChatStack(Stack):
    def __init__(self, scope: Construct, id: str, **kwargs) -> None:
        super().__init__(scope, id, **kwargs)
        ChatRoomProvider.configure(self, memory_size=512, log_retention=logs.RetentionDays.ONE_WEEK)

        token_function = self.create_function("TokenFunction")
        moderation_function = self.create_function("ModerationFunction")
        review_function = self.create_function("ReviewFunction")

        room = ChatRoom(
            self,
            "Room",
            maximum_message_length=300,
            maximum_message_rate_per_second=50,
        )
        room.grant_create_chat_token(token_function)
        room.grant_moderate(moderation_function)
        CfnOutput(self, "RoomArn", value=room.room_arn)

        bucket = s3.Bucket(self, "Archive", enforce_ssl=True)
        archive = LoggingConfiguration(
            self,
            "ArchiveLogging",
            logging_configuration_name="archive",
            destination=LoggingDestination.s3(bucket),
            removal_policy=RemovalPolicy.RETAIN,
        )
        log_group = LoggingConfiguration(
            self,
            "LogGroupLogging",
            destination=LoggingDestination.cloud_watch_logs(logs.LogGroup(self, "ChatLog")),
            tags={"team": "chat"},
        )
        delivery_stream = firehose.DeliveryStream(self, "Stream", destination=firehose.S3Bucket(bucket))
        stream = LoggingConfiguration(
            self,
            "StreamLogging",
            destination=LoggingDestination.firehose(delivery_stream, manage_delivery_permissions=False),
        )

        reviewed_room = ChatRoom(
            self,
            "ReviewedRoom",
            room_name="reviewed",
            message_review_handler=MessageReviewHandler.lambda_function(
                review_function, fallback_result=FallbackResult.ALLOW
            ),
            logging_configurations=[archive, log_group],
            tags={"team": "chat"},
            removal_policy=RemovalPolicy.RETAIN,
        )
        reviewed_room.add_logging_configuration(stream)
        reviewed_room.grants.delete_message(moderation_function)
        reviewed_room.grants.disconnect_user(moderation_function)
        reviewed_room.message_review_handler.metric_invocation_errors().create_alarm(
            self, "ReviewErrors", threshold=1, evaluation_periods=1
        )
        archive.metric_log_destination_errors().create_alarm(self, "LogErrors", threshold=1, evaluation_periods=1)
        archive.grants.read(moderation_function)
        ChatRoom.metric_all_requests(MessagingAction.SEND_MESSAGE).create_alarm(
            self, "ManyMessages", threshold=1000, evaluation_periods=1
        )

        existing_room = ChatRoom.from_room_id(self, "ExistingRoom", "g1H2I3j4k5L6")
        ChatRoom(self, "AdoptedRoom", existing_room=existing_room)
        ChatRoom(self, "RoomInIreland", region="eu-west-1")
        ChatRoom(self, "NativeRoom", provisioning=Provisioning.CLOUDFORMATION)
        native = Construct(self, "Native")
        native.node.set_context("cdk-ivs-chat:provisioning", "CLOUDFORMATION")
        ChatRoom(
            native,
            "Room",
            logging_configurations=[
                LoggingConfiguration(native, "Logging", destination=LoggingDestination.s3(bucket)),
            ],
        )
        ChatRoom(
            native,
            "FastRoom",
            maximum_message_rate_per_second=100,
            provisioning=Provisioning.CUSTOM_RESOURCE,
        )
        imported_room = ChatRoom.from_room_arn(
            self, "ImportedRoom", "arn:aws:ivschat:us-west-2:123456789012:room/abcdefghijkl"
        )
        imported_room.grant_send_event(moderation_function)
        ChatRoomGrants.from_room(ivschat.CfnRoom(self, "CfnRoom")).create_chat_token(token_function)
        LoggingConfigurationGrants.from_logging_configuration(stream).manage(moderation_function)

        ban_list = BanList(self, "BanList", point_in_time_recovery=True, removal_policy=RemovalPolicy.DESTROY)
        BanList.from_table_name(self, "ImportedBanList", "bans").grant_write(moderation_function)
        chat_api = ChatApi(
            self,
            "ChatApi",
            rooms={"lobby": room, "reviewed": reviewed_room},
            authorizer=HttpJwtAuthorizer("Users", "https://issuer.example.com", jwt_audience=["chat"]),
            claims=ChatClaims(display_name="nickname", role="groups"),
            roles={
                "staff": ChatRole.MODERATOR,
                "reporter": ChatRole.of(
                    capabilities=[ChatCapability.SEND_MESSAGE],
                    operations=[ChatOperation.CREATE_CHAT_TOKEN, ChatOperation.REPORT_MESSAGE],
                ),
            },
            ban_list=ban_list,
            policy=ChatPolicy(contact="chat@example.com", terms_url="https://example.com/terms"),
            required_terms="2026-11",
            throttle=ThrottleSettings(rate_limit=50, burst_limit=100),
            session_duration=Duration.minutes(120),
            allow_origins=["https://example.com"],
        )
        chat_api.ban_list.grant_read(review_function)
        CfnOutput(self, "ChatUrl", value=chat_api.url)

    def create_function(self, id: str) -> lambda_.Function:
        return lambda_.Function(
            self,
            id,
            runtime=lambda_.Runtime.NODEJS_24_X,
            handler="index.handler",
            code=lambda_.Code.from_inline("exports.handler = async () => ({});"),
        )


app = App()
ChatStack(app, "Chat", env=Environment(account="123456789012", region="us-west-2"))
app.synth()
